"""One visit, what all visits share, and how an open page hears of a change."""
