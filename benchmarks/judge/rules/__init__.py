"""One file for each rule that is measured. A rule sees what `minutes.py` holds, and nothing of how it was drawn."""
