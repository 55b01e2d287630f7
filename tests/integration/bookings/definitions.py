"""A course with few seats and a waiting list, paid when it is sent."""

COURSE = """
procedure: test-course
kind: booking
title: {ja: 試験用の講座}
department: environment
assurance: email
steps:
  - id: seat
    title: {ja: 申し込み}
    fields:
      - {id: name, type: person_name, item: person.name}
      - id: course
        type: choice
        label: {ja: 講座}
        options:
          - {id: pottery, label: {ja: 陶芸}, values: {seats: 2}}
          - {id: cooking, label: {ja: 料理}, values: {seats: 5}}
      - {id: people, type: integer, label: {ja: 人数}, min: 1, max: 4}
fee:
  - {id: course, label: {ja: 受講料}, amount: 500 * people}
capacity:
  - id: seats
    label: {ja: 定員}
    by: [course]
    limit: course.seats
    amount: people
    unit: {ja: 人}
    pay_days: 3
    waiting_days: 5
workflow: {preset: notification}
"""
