"""The fence around foreign programs: bubblewrap, Landlock, seccomp, and attempts that must fail."""
