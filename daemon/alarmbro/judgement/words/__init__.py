"""What a recipient reads: texts by language, what they may name, and how they are made to fit."""
