"""The cache of builds in `.newsgen/store.db`: parsed files, the plan, and the record of the last build."""
