"""Publishing to real servers and to folders; conftest.py has what the stories start from."""
