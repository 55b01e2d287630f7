// The desk under the hand: keys, the list beside the map, one case in all three panes, the text of a definition.
import { watchCaseList } from "./desk/case-list.js";
import { watchDrawer } from "./desk/drawer.js";
import { watchKeys } from "./desk/keys.js";
import { watchSource } from "./desk/source.js";

watchCaseList();
watchDrawer();
watchKeys();
watchSource();
