"""The configuration of a site: site.yaml and withdrawn.yaml, read into frozen values.

site_yaml.py        site.yaml -> Config, or all faults in it
schema.py           readers that turn a node of YAML into a typed value
publish_section.py  `publish:` -> Publishing
reviews_section.py  `reviews:` -> ReviewPolicy; check_section.py: `check:` -> CheckSettings
entry_file.py       a list of entries: people.py reads people.yaml, the lexicon is check's
withdrawals.py      withdrawn.yaml -> Ledger
view_counts.py      the file of `views:` -> ViewCounts, how often each page was read
model.py            the values
"""
