"""Fixing: edits are proposed for a finding, re-checked by others than their author, shown, and written only on request."""
