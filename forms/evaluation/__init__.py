"""What follows from answers: visible questions, errors, the fee."""
