// Sentences that scripts say. Pages come in the reader's language already; these few follow the page's `lang`.

const sentences = {
  ja: {
    saving: "保存しています…",
    notSaved: "いま、保存できません。通信がもどったら、もう一度保存します。",
    sending: "送っています",
    tooLarge: "{name}は大きすぎます。{limit}までのファイルを選んでください。",
    wrongType: "{name}は、この欄では受け取れない種類です。{types}を選んでください。",
    notReachable: "いま、通信できません。少し待ってから、もう一度お試しください。",
    vertexHint: "頂点{n}を選択中",
    keysVertex: "矢印 0.1 m動かす(Shiftで1 m)・Del 消す・Enter 次の点・Esc 終わる",
    hintDrawArea: "角を順に押して囲んでください。",
    hintDrawLine: "線の通る場所を順に押してください。",
    hintDrawPoint: "場所を押してください。",
    hintMove: "丸い点を動かすと、形が変わります。",
    keysDraw: "矢印 地図を動かす・スペース 中心に点を置く・Enter 点を選ぶ",
    noLocation: "いまいる場所がわかりませんでした。",
    cluster: "案件{n}件。押すと拡大します",
    clusterLate: "案件{n}件、うち期限超過{late}件。押すと拡大します",
    pin: "案件を開く",
    hintLasso: "なぞって囲むか、角を順に押してください。",
    keysLasso: "矢印 地図を動かす・スペース 中心に角を置く・Enter 選ぶ・Esc やめる",
    hintCorners: "角{n}つ。はじめの角をもう一度押すと、囲んだ場所を選びます。",
    keysCorners: "Enter 選ぶ・Backspace 1つ戻す",
    periodAll: "すべての期間",
    periodFrom: "{day}から",
    periodTo: "{day}まで",
    periodStart: "はじめから",
    periodEnd: "おわりまで",
    cases: "{n}件",
  },
  en: {
    saving: "Saving…",
    notSaved: "Cannot save right now. It will be saved again when you are back online.",
    sending: "Sending",
    tooLarge: "{name} is too large. Choose a file of up to {limit}.",
    wrongType: "{name} is not a kind we can take here. Choose {types}.",
    notReachable: "No connection right now. Please wait a little and try again.",
    vertexHint: "Corner {n} selected",
    keysVertex: "Arrows move 0.1 m (Shift 1 m) · Del removes · Enter next · Esc leaves",
    hintDrawArea: "Press the corners one after another.",
    hintDrawLine: "Press the places the line runs through.",
    hintDrawPoint: "Press the place.",
    hintMove: "Drag the round points to change the shape.",
    keysDraw: "Arrows move the map · Space sets a point in the middle · Enter selects a point",
    noLocation: "Your location could not be found.",
    cluster: "{n} cases. Press to zoom in",
    clusterLate: "{n} cases, {late} overdue. Press to zoom in",
    pin: "Open the case",
    hintLasso: "Draw around a place in one stroke, or press its corners.",
    keysLasso: "Arrows move the map · Space sets a corner in the middle · Enter chooses · Esc stops",
    hintCorners: "{n} corners. Press the first one again to choose what lies inside.",
    keysCorners: "Enter chooses · Backspace takes one back",
    periodAll: "All days",
    periodFrom: "from {day}",
    periodTo: "until {day}",
    periodStart: "from the start",
    periodEnd: "to the end",
    cases: "{n} cases",
  },
};

/**
 * @param {keyof typeof sentences.ja} key
 * @param {Record<string, string | number>} [values]
 */
export function say(key, values = {}) {
  const sentence = (sentences[document.documentElement.lang] ?? sentences.ja)[key];
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
