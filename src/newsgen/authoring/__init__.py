"""Authoring: files written into a site's folder, by commands and by the desk.

new.py              new sites (starter/) and new articles; new_files.py: files written whole or not at all
front_matter_edit.py, front_matter_lists.py, front_matter_values.py   keys of front matter, changed line by line
text_lines.py       the body of a file, changed line by line; text_merge.py merges versions, text_length.py measures them
report_files.py     photos and attachments: kind (file_kinds.py), name (file_names.py, pinyin.py), place (file_location.py)
history.py          earlier versions: history_files.py, history_pruning.py; autosaves.py says which states become versions
deleted.py          deleted reports and files, restored; rename_detection.py: reports moved outside the desk; move.py moves one
importers/          documents that were written elsewhere
hand_in.py          a report -> a ZIP; zip_files.py, received_zip.py, receive.py: such a ZIP -> a report
decisions.py, sign_off.py   decisions of reviewers
withdraw.py         articles taken off the site
git_repository.py   versions in git; git_directory.py keeps git from running programs that a repository names
"""
