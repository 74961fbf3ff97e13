"""Values and small rules that every package may import.

model.py             the records that flow between the stages
errors.py            errors and their exit codes
digest.py            digests of values, and of newsgen with its libraries
files.py, stamps.py  reading files safely, and finding out whether they have changed; zip_archives.py: ZIPs from anywhere
text.py              bytes -> text; questions about Chinese text; text_diff.py tells two versions apart by sentence
scalars.py           typed text -> typed values, with date_hints.py
urls.py              addresses of outputs; own_addresses.py recognises those that authors type
yaml/, escapes.py    YAML as text with places
file_types.py, media_types.py  which files may be published, and how a server sends them
patterns.py, pattern_cache.py  regular expressions that are compiled when needed, and those that are kept compiled
defaults.py          the folders of default templates and theme
variants.py          in which sizes a picture is published; office_files.py: .docx and .xlsx, written
git.py, programs.py  programs of others: git, asked safely, and ffmpeg
platform/            differences between operating systems
"""
