// Sends what was written at site visits, one after another: the photos of a visit, then its answers. What has arrived is marked at once,
// so that a line that is cut goes on where it was; each piece has a key of its own, by which the server knows it again.

const GONE = [403, 404, 409];
const LATER = [0, 429, 500, 502, 503, 504];

export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A draft of a visit on which nothing was written yet. */
export const newDraft = ({ staff, case: caseId, stage, number, title, place, seen, key }) => ({
  key, staff, case: caseId, stage, number, title, place, seen,
  sentKey: newKey(),
  values: [],
  photos: [],
  state: "typing",
  reason: "",
  changes: [],
  newSeen: null,
});

export class VisitQueue {
  /**
   * @param {object} options
   * @param {{of: (staff: number) => Promise<object[]>, put: (draft: object) => Promise<void>}} options.drafts
   * @param {() => Promise<{staff?: number, status: number}>} options.session who is signed in; status 401 for nobody, 0 without a connection
   * @param {(path: string, fields: [string, string | Blob, string?][]) => Promise<{status: number, answer: object}>} options.post
   * @param {(word: string) => void} options.say is called with sending | offline | signIn | busy | idle
   * @param {(draft: object) => void} options.onChange
   */
  constructor({ drafts, session, post, say, onChange }) {
    Object.assign(this, { drafts, session, post, say, onChange, busy: false });
  }

  /** Sends everything that is ready; resolves to the member of staff who is signed in, if that is known. */
  async drain() {
    if (this.busy) return undefined;
    this.busy = true;
    try {
      const { staff, status } = await this.session();
      if (staff === undefined) {
        this.say(status === 401 ? "signIn" : "offline");
        return undefined;
      }
      for (const draft of await this.drafts.of(staff)) {
        if (draft.state !== "ready" && draft.state !== "noting") continue;
        this.say("sending");
        const waits = await this.#send(draft);
        if (waits) {
          this.say(waits);
          return staff;
        }
      }
      this.say("idle");
      return staff;
    } finally {
      this.busy = false;
    }
  }

  /** Sends one draft; the word for why the rest has to wait, or nothing. */
  async #send(draft) {
    const late = draft.state === "noting";
    const path = `/desk/visits/${draft.case}/stages/${encodeURIComponent(draft.stage)}`;
    const own = [["kept-for", String(draft.staff)]];
    for (const photo of draft.photos.filter((each) => !each.arrived)) {
      const fields = [...own, ["sent-key", photo.key], ...captureOf(photo), ["upload", photo.blob, photo.name]];
      const { status, answer } = await this.post(`${path}/${late ? "late-photos" : "photos"}/${photo.question}`, fields);
      if (status !== 200) return this.#refuse(draft, status, answer, true);
      photo.arrived = true;
      photo.blob = null; // gives its room back; what is shown of it is the small picture
      await this.#keep(draft);
    }
    const fields = [...own, ["sent-key", draft.sentKey], ["case-seen", draft.seen], ...draft.photos.map(({ key }) => ["photo-key", key]), ...draft.values];
    const { status, answer } = await this.post(`${path}/${late ? "note" : "answers"}`, fields);
    if (status !== 200) return this.#refuse(draft, status, answer);
    Object.assign(draft, { state: "sent", values: [], photos: [], reason: "", changes: [], newSeen: null });
    await this.#keep(draft);
    return "";
  }

  async #refuse(draft, status, answer, isPhoto = false) {
    if (LATER.includes(status)) return status ? "busy" : "offline";
    if (status === 401 || status === 400) return "signIn"; // the visit to the portal ended between two pieces
    const reason = answer.message ?? ""; // a proxy's answer has none
    const faults = (answer.faults ?? []).map(({ sentence }) => sentence);
    const state = GONE.includes(status) || isPhoto ? "refused" : "fix";
    Object.assign(draft, { state, reason, changes: answer.changes ?? faults, newSeen: answer.seen ?? null });
    await this.#keep(draft);
    return "";
  }

  async #keep(draft) {
    draft.changedAt = Date.now();
    await this.drafts.put(draft);
    this.onChange(draft);
  }
}

const captureOf = ({ at, lon, lat, source }) => [
  ["taken-at", at],
  ...(source ? [["lon", String(lon)], ["lat", String(lat)], ["position-from", source]] : []),
];
