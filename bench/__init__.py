"""The benchmark: newsgen beside Hugo, Pelican and Eleventy on one corpus. `make bench`; see bench/README.md."""
