"""The writing desk: the preview with which one also writes."""
