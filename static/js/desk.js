// The desk under the hand: keys, the list beside the map and its filter, one case in all three panes, the text of a definition.
import { watchCaseList } from "./desk/case-list.js";
import { watchDrawer } from "./desk/drawer.js";
import { watchFilters } from "./desk/filters.js";
import { watchLayerStyle } from "./desk/layer-style.js";
import { watchKeys } from "./desk/keys.js";
import { watchPeriod } from "./desk/period.js";
import { watchPermalink } from "./desk/permalink.js";
import { watchSignOut } from "./desk/sign-out.js";
import { watchSource } from "./desk/source.js";
import { watchStandardTexts } from "./desk/standard-texts.js";
import { watchTicks } from "./desk/ticks.js";
import { watchUnsent } from "./desk/unsent.js";
import { watchViewer } from "./desk/viewer.js";

watchCaseList();
watchDrawer();
watchFilters();
watchKeys();
watchLayerStyle();
watchPeriod();
watchPermalink();
watchSignOut();
watchSource();
watchStandardTexts();
watchTicks();
watchUnsent();
watchViewer();
