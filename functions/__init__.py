"""Lambda entry points, one file per trigger. They parse and hand over; logic lives in `pointsman/`."""
