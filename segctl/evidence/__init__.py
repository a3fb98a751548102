"""What is shown of the audit log to who does not have it: trees, checkpoints, proofs. Text and bytes alone."""
