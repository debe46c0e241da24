"""A bench of judges: seeded rollouts, the rules of other release controllers, and what each rule does on the same draws."""
