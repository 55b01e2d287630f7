// What every page gets from the script. Each part only improves a page that already works without it.
import "./page/requests.js";
import { watchAutosave } from "./page/autosave.js";
import { watchDialogs } from "./page/dialogs.js";
import { focusErrors } from "./page/errors.js";
import { watchFiles } from "./page/files.js";
import { watchGroups } from "./page/groups.js";
import { watchKana } from "./page/kana.js";
import { watchLive } from "./page/live.js";
import { watchOptionSearch } from "./page/option-search.js";
import { watchSignatures } from "./page/signature.js";
import { watchSubmit } from "./page/submit.js";
import { watchTextSize } from "./page/text-size.js";

watchSubmit();
watchAutosave();
watchLive();
watchDialogs();
watchFiles();
watchGroups();
watchKana();
watchTextSize();
watchOptionSearch();
watchSignatures();
focusErrors();
