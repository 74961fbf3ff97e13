"""Transports: access to a target's files over ssh or SFTP, or in a folder of this machine."""
