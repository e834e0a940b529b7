"""Files into one frozen course: lessons, exercises, quizzes, diagrams, and every problem in them."""
