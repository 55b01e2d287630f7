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

VISIT = """
procedure: test-visit
kind: booking
title: {ja: 試験用の相談の予約}
department: environment
assurance: email
steps:
  - id: visit
    title: {ja: 予約}
    fields:
      - {id: name, type: person_name, item: person.name}
      - id: visit
        type: appointment
        label: {ja: 来庁する日時}
        resource: consultation
        counters: 2
        minutes: 60
        hours: [{from: "09:00", until: "12:00"}]
workflow: {preset: notification}
"""

ROOM = """
procedure: test-room
kind: booking
title: {ja: 試験用の部屋の予約}
department: environment
assurance: email
steps:
  - id: room
    title: {ja: 部屋}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: room, type: choice, label: {ja: 部屋}, options: [{id: a, label: {ja: 第1}}, {id: b, label: {ja: 第2}}]}
  - id: use
    title: {ja: 日時}
    fields:
      - id: use
        type: appointment
        label: {ja: 使う日時}
        resource: test-hall
        resource_by: room
        open_days_only: false
        hours:
          - {id: morning, label: {ja: 午前}, days: [mon, tue, wed, thu, fri, sat, sun], from: "09:00", until: "12:00"}
          - {id: night, label: {ja: 夜間}, days: [mon, tue, wed, thu, fri, sat, sun], from: "18:00", until: "21:00"}
workflow: {preset: notification}
"""

GARDEN = """
procedure: test-garden
kind: booking
title: {ja: 試験用の市民農園}
department: environment
assurance: email
acceptance: [{from: 02-01, until: 02-14}]
steps:
  - id: plot
    title: {ja: 区画}
    fields:
      - {id: name, type: person_name, item: person.name}
      - id: first
        type: choice
        label: {ja: 第1希望}
        options:
          - {id: small, label: {ja: 小さい区画}, values: {plots: 3}}
          - {id: large, label: {ja: 大きい区画}, values: {plots: 1}}
      - id: second
        type: choice
        label: {ja: 第2希望}
        required: false
        options:
          - {id: small, label: {ja: 小さい区画}, values: {plots: 3}}
          - {id: large, label: {ja: 大きい区画}, values: {plots: 1}}
capacity:
  - id: plots
    label: {ja: 区画}
    by: [first]
    limit: first.plots
    allocation: lottery
    wishes: [first, second]
    winners: [accept, complete]
workflow: {preset: notification}
"""

PIECE = """
procedure: test-piece
kind: booking
title: {ja: 試験用の区画の利用}
department: environment
assurance: email
steps:
  - id: piece
    title: {ja: 区画}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: piece, type: choice, label: {ja: 区画}, options: [{id: a1, label: {ja: A-1}}, {id: a2, label: {ja: A-2}}]}
      - {id: period, type: date_range, label: {ja: 期間}}
capacity:
  - {id: pieces, label: {ja: 区画}, by: [piece], days: {from: period.start, until: period.end}, limit: 1}
workflow: {preset: notification}
"""

NURSERY = """
procedure: test-nursery
kind: permit
title: {ja: 試験用の保育所の利用の申込み}
department: environment
assurance: email
acceptance: [{from: 11-01, until: 11-30}]
tables:
  - id: nurseries
    key: [code]
    rows: [{code: north, name: 北園}, {code: south, name: 南園}]
  - id: places
    key: [nursery, age]
    rows:
      - {nursery: north, age: 0, count: 1}
      - {nursery: north, age: 1, count: 2}
      - {nursery: south, age: 0, count: 1}
compute:
  - {id: age, value: "legal_age(birthday, add_years(fiscal_year_start(today()), 1))"}
  - {id: points, label: {ja: 指数}, value: "hours / 10 + (single ? 20 : 0)"}
steps:
  - id: child
    title: {ja: お子さん}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: birthday, type: birthday, label: {ja: 生年月日}}
      - {id: hours, type: integer, label: {ja: 働く時間}}
      - {id: single, type: yes_no, label: {ja: ひとり親ですか}}
      - {id: income, type: money, label: {ja: 所得}}
      - {id: wishes, type: ranking, label: {ja: 希望する園}, options: {table: nurseries, label: name, where: "places.has(code, age)"}}
capacity:
  - id: places
    label: {ja: 利用定員}
    by: [wishes, age]
    limit: places.count(wishes, age)
    allocation: points
    points: [points, -income]
    wishes: [wishes]
    winners: [accept]
workflow: {preset: permit}
"""

#: Each child of an application enters by itself; a sister who is at a nursery already counts there alone.
SIBLINGS = """
procedure: test-siblings
kind: permit
title: {ja: 試験用のきょうだいの申込み}
department: environment
acceptance: [{from: 11-01, until: 11-30}]
tables:
  - id: nurseries
    key: [code]
    rows: [{code: north, name: 北園, places: 1}, {code: south, name: 南園, places: 1}]
steps:
  - id: family
    title: お子さん
    fields:
      - person.name
      - {id: hours, type: integer, label: 働く時間}
      - id: children
        type: group
        label: お子さん
        row: お子さん
        max: 3
        fields:
          - {id: child, type: person_name, label: 氏名}
          - {id: sister_at, type: choice, label: きょうだいが通う園, required: false, options: {table: nurseries, label: name}}
          - {id: wishes, type: ranking, label: 希望する園, options: {table: nurseries, label: name}}
capacity:
  - id: places
    label: 利用定員
    each: children
    by: [wishes]
    limit: nurseries.places(wishes)
    allocation: points
    points: ["hours + (wishes == sister_at ? 50 : 0)"]
    wishes: [wishes]
    winners: [accept]
    waiting_days: 7
"""

COLLECTION = """
procedure: test-collection
kind: booking
title: {ja: 試験用の収集の申込}
department: environment
assurance: email
standard_days: 1
steps:
  - id: zone
    title: {ja: 地区}
    fields:
      - {id: name, type: person_name, item: person.name}
      - id: zone
        type: choice
        label: {ja: 地区}
        options:
          - {id: sakae, label: {ja: 栄・高松・曙地区}, values: {weekday: 木曜日}}
          - {id: nishi, label: {ja: 西砂地区}, values: {weekday: 月・金}}
  - id: day
    title: {ja: 収集日}
    fields:
      - id: collect_on
        type: date
        label: {ja: 収集日}
        min: today+3d
        max: today+90d
        offer:
          weekday: zone.weekday
          rule: {ja: "{zone.label}の収集日は{weekdays}です。"}
          closed: [12-31, 01-01]
          on_the_day:
            title: {ja: 試験用の収集}
            time: {ja: 朝8時まで}
            to_do: {ja: "「{number}」と書いた紙を貼ってください。"}
capacity:
  - {id: lorries, label: {ja: 収集車}, by: [zone, collect_on], limit: 1, unit: {ja: 件}}
workflow: {preset: notification}
"""
