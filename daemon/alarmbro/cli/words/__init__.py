"""The words of the answers, Danish and English."""
