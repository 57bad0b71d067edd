// The pad to draw a signature on. Without this script the typed name is the signature.
"use strict";
(() => {
  const pad = document.getElementById("signature");
  const hidden = document.querySelector("input[name=strokes]");
  if (!pad || !hidden) return;
  const canvas = pad.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const NEAR = 3; // points nearer than this, in the pad's own units, say nothing new
  let strokes = [];
  let stroke = null;
  let began = 0;

  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = "#c9d3d7";
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(20, canvas.height * 0.75);
    pen.lineTo(canvas.width - 20, canvas.height * 0.75);
    pen.stroke();
    pen.strokeStyle = "#1a2429";
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    for (const points of strokes) {
      pen.beginPath();
      pen.moveTo(points[0][0], points[0][1]);
      for (const [x, y] of points) pen.lineTo(x, y);
      pen.stroke();
    }
  };
  const keep = () => { hidden.value = strokes.length ? JSON.stringify(strokes) : ""; };
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const scale = (at, from, size, units) =>
      Math.round(Math.min(Math.max(((at - from) / size) * units, 0), units));
    return [
      scale(event.clientX, box.left, box.width, canvas.width),
      scale(event.clientY, box.top, box.height, canvas.height),
      Math.round(event.timeStamp - began),
    ];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (!strokes.length) began = event.timeStamp;
    stroke = [point(event)];
    strokes.push(stroke);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke || !event.isPrimary) return;
    const next = point(event);
    const last = stroke[stroke.length - 1];
    if (Math.hypot(next[0] - last[0], next[1] - last[1]) < NEAR) return;
    stroke.push(next);
    draw();
  });
  const lift = () => { stroke = null; keep(); };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  pad.querySelector("button").addEventListener("click", () => { strokes = []; draw(); keep(); });

  try { strokes = JSON.parse(hidden.value || "[]"); } catch { strokes = []; }
  pad.hidden = false;
  draw();
})();
