// What this phone keeps of site visits, in IndexedDB: the visits that were taken along, and what was written about them. Everything is
// kept under the member of staff who took it along, and shown to nobody else.
const NAME = "site-visits";
const DAY = 86_400_000; // ms

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });

let opened;

function open() {
  opened ??= (async () => {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener("upgradeneeded", () => {
      for (const name of ["visits", "drafts"]) request.result.createObjectStore(name, { keyPath: "key" });
      request.result.createObjectStore("state");
    });
    return settled(request);
  })();
  return opened;
}

async function inside(name, mode, act) {
  const database = await open();
  const transaction = database.transaction(name, mode);
  const done = new Promise((resolve, reject) => {
    transaction.addEventListener("complete", resolve);
    transaction.addEventListener("abort", () => reject(transaction.error));
  });
  const result = await act(transaction.objectStore(name));
  await done;
  return result;
}

const read = (name, act) => inside(name, "readonly", (store) => settled(act(store)));
const write = (name, act) => inside(name, "readwrite", (store) => settled(act(store)));

export const keyOf = ({ staff, case: caseId, stage }) => `${staff}/${caseId}/${stage}`;

export const visits = {
  of: async (staff) => (await read("visits", (store) => store.getAll())).filter((visit) => visit.staff === staff),
  put: (visit) => write("visits", (store) => store.put({ ...visit, key: keyOf(visit) })),
  remove: (key) => write("visits", (store) => store.delete(key)),
};

export const drafts = {
  of: async (staff) => (await read("drafts", (store) => store.getAll())).filter((draft) => draft.staff === staff),
  all: () => read("drafts", (store) => store.getAll()),
  get: (key) => read("drafts", (store) => store.get(key)),
  put: (draft) => write("drafts", (store) => store.put(draft)),
  remove: (key) => write("drafts", (store) => store.delete(key)),
};

/** Who was signed in when there last was a connection. */
export const lastStaff = () => read("state", (store) => store.get("staff"));
export const rememberStaff = (staff) => write("state", (store) => store.put(staff, "staff"));

/** Forgets visits that were taken along too many days ago, and what has arrived since then. What was not sent stays. */
export async function forgetOld(now = Date.now()) {
  for (const visit of await read("visits", (store) => store.getAll())) {
    if (visit.keptAt + visit.days * DAY < now) await visits.remove(visit.key);
  }
  for (const draft of await drafts.all()) {
    if (draft.state === "sent" && draft.changedAt + DAY < now) await drafts.remove(draft.key);
  }
}

/** Whether anything of this member of staff would be lost. */
export const hasUnsent = async () => {
  const staff = await lastStaff();
  return (await drafts.of(staff)).some((draft) => draft.state !== "sent");
};

/** Forgets all that the member of staff who signs out kept here. */
export async function forgetStaff() {
  const staff = await lastStaff();
  for (const { key } of await visits.of(staff)) await visits.remove(key);
  for (const { key } of await drafts.of(staff)) await drafts.remove(key);
  await write("state", (store) => store.delete("staff"));
}

/** Whether this phone keeps anything at all; asking does not make the database. */
export const exists = async () => (await indexedDB.databases?.())?.some(({ name }) => name === NAME) ?? true;
