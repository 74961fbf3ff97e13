"""The cache of builds in `.newsgen/store.db`: parsed files, the plan, and the record of the last build.

store.py, rows.py   the database, and its rows with their checksums
state.py            what one build leaves for the next
plan.py             the outputs of a site without bodies
up_to_date.py       whether anything has changed at all
pictures.py         files of pictures, in a folder beside the database
"""
