"""Rules and answers that other projects wrote for their own evaluators, asked of ours."""
