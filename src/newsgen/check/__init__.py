"""What must hold of a built folder before it is published.

output.py          nothing in it that must not be public, nothing missing, nothing altered
links.py           no link that leads nowhere
image_metadata.py  nothing in a photo that a camera or program wrote beside the picture
"""
