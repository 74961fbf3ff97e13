"""Writing into a site's folder: for the commands and for the desk.

new.py              new sites (starter/) and new articles; new_files.py: files written whole or not at all
front_matter_edit.py, front_matter_lists.py, front_matter_values.py   keys of front matter, changed line by line
text_lines.py, text_merge.py   the body of a file, changed line by line; two versions made one; text_length.py: how long it is
report_files.py     photos and attachments: file_kinds.py, file_names.py (by pinyin.py) and file_location.py say of what kind, how named, and where
history.py          earlier versions: history_files.py, history_pruning.py; autosaves.py says which states become versions
deleted.py          deleted reports and files, restored; rename_detection.py: those that were only moved; move.py moves one
importers/          documents that were written elsewhere
hand_in.py          a report -> a ZIP; zip_files.py, received_zip.py, receive.py: such a ZIP -> a report
decisions.py, sign_off.py   decisions of reviewers
withdraw.py         articles taken off the site
git_repository.py   versions in git, in a git_directory.py that runs no foreign program
"""
