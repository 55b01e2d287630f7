"""What follows from answers: visible questions, problems, the fee."""
