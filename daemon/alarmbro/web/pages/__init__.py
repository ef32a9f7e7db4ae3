"""The pages, each with what its buttons do."""
