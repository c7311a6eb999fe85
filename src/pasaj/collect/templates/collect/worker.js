{% load pasaj %}self.PASAJ = {% worker_build "forms-" "forms." "app." "site/icon.svg" %};
importScripts("{% bundle "forms-worker.js" %}");
