// Signing out forgets what this phone keeps of site visits; what has not arrived yet is lost only after being asked.
import { exists, forgetStaff, hasUnsent } from "../visits/store.js";

export function watchSignOut() {
  const form = document.querySelector("form[data-sign-out]");
  form?.addEventListener("submit", async (event) => {
    if (!window.indexedDB || form.dataset.forgotten) return;
    event.preventDefault();
    event.stopPropagation();
    if (await exists()) {
      if ((await hasUnsent()) && !confirm(form.dataset.signOut)) return;
      await forgetStaff();
    }
    form.dataset.forgotten = "true";
    form.submit();
  });
}
