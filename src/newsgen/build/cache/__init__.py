"""What builds remember, in `.newsgen/store.db`: parsed files, the plan, and when there is nothing to do."""
