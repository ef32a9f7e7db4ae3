"""The deciding thread: the loop, the turn, and what presses, alarms and test rounds make it do."""
