// Site visits: the list from which visits are taken along, and the page of what this phone keeps.
import { watchList } from "./list.js";
import { watchKept } from "./kept.js";

watchList();
watchKept();
