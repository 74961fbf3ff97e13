"""The writing desk (`newsgen desk`): the preview with an editor for reports.

serve.py              the command; single_instance.py: one desk for a site; cleanup.py: what it deletes once a day
app.py                the web application: its pages and its API; endpoints.py: the table of its endpoints
access.py             who may do what: by access_token.py at one's own computer, by sign_in.py on a network
passwords.py, throttle.py   the password file; the wait after wrong passwords
client/               the page

report_list.py        the list of reports; standings.py: which of them wait for a signature
open_report.py        one report, opened; saving.py: its edits; report_versions.py: the digest of its file now
form_fields.py        the form for front matter; report_findings.py, desk_hints.py: its findings, with hints for the desk
listed_files.py, uploads.py, thumbnails.py   photos and attachments
pasting.py, imports.py   the clipboard, manuscripts
earlier_versions.py, deleted.py, merging.py   versions of the history, deleted reports, two versions side by side
new_report.py, moving.py   a new report, another section
hand_over.py          交稿 and 收稿; pending.py: values in memory until they are confirmed
sign_off.py           审签; git_versions.py: 保存版本 and 提交; publishing.py, publish_process.py: 发布
activity_log.py, site_folder.py   the log of actions; a site whose folder is gone
"""
