"""The live preview (`newsgen serve`): the site as authors see it while they write. None of it is in a built site.

serve.py         the command: port, messages, server
protocol.py      HTTP connections with time limits
app.py           the web application
loop.py          the thread that waits for changes (watch.py) and reads the files
session.py       the version that is shown, with its diagnostics
site_tracker.py  the planned site, updated after each change
save_debounce.py errors that last only while a file is being saved
trial_rendering.py  pages that nobody has opened, rendered to find errors in templates
diff.py          the differences between two versions
page_info.py     the information for the preview's script; inject.py adds both to a page, client_files.py is the script
page_findings.py the findings of `newsgen check` about the article of a page
lru.py           a cache of rendered pages
review_copy.py   `newsgen review`: a page as PDF and pictures, by browser.py and page_server.py
desk/            `newsgen desk`: the preview with an editor for reports
"""
