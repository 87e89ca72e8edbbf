"""One file per transaction of the DMP."""
