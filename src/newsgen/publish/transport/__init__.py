"""Transports: access to a target's files over ssh or SFTP, or in a folder of this machine.

base.py              the interface; errors.py: errors with Chinese messages; keys.py: private keys
ssh.py               OpenSSH and rsync, by shell.py and scripts.py
sftp.py              SFTP alone, by sftp_connection.py and sftp_tree.py
local.py             a folder of this machine, by local_files.py
"""
