"""What the product knows beforehand: ATT&CK names, CWE names, playbook."""
