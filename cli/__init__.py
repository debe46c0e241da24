"""The command line. What it prints and how policies are written live here; decisions and AWS calls must not."""
