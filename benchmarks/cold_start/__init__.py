"""How much CPU time and memory a fresh function takes until its call is on the wire."""
