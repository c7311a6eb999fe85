// The worker is a file of ours beside this bundle: the page's policy allows no other.
import * as maplibregl from "maplibre-gl";

maplibregl.setWorkerUrl(new URL(WORKER_FILE, import.meta.url).href);

export default maplibregl;
