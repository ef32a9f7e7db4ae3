"""The words of the pages, Danish and English, and how codes, ids and times become them."""
