"""content/ -> Documents and Bodies: what members have written, found, read and checked file by file.

scan.py        which files are there, with their stamps; nothing is read
load.py        the files that have changed are parsed, the others are known
document.py    one file -> Document and Body
frontmatter/   the block of YAML at its top
markdown/      its text
images/        photos: what they are, and their bytes as they are published
media.py       the files that a text names; photo_numbers.py: those that a mark such as 【图2】 stands for
video_frames.py, attachment_checks.py, attachment_metadata/   first frames; what must not be published; names taken out
approval.py    what reviewers approve of an article
"""
