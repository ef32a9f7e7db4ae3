"""How people are told: what is owed to them, the words of it, and the threads that send."""
