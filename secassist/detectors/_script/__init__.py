"""What is wrong with patterns, messages and settings of JavaScript, whatever values arrive."""
