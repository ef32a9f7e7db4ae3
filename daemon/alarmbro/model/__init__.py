"""Floor 0: the words of the field. Frozen values; no I/O, no clock, no logging, nothing imported from above."""
