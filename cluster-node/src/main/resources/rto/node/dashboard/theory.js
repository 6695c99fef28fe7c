(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const rgba = (name, alpha) => `rgba(${style(name)}, ${alpha})`;
  const COLOURS = ['--faint-rgb', '--green', '--blue', '--orange'];
  let charts = [];

  const axis = (title, type) => ({
    type,
    title: { display: true, text: title, color: style('--faint') },
    ticks: { color: style('--faint'), maxTicksLimit: 8 },
    grid: { color: style('--line') },
    border: { color: style('--line') },
  });

  const line = (label, colour, points, dash) => ({
    label,
    data: points,
    borderColor: rgba(colour, 1),
    backgroundColor: rgba(colour, 1),
    borderDash: dash || [],
    borderWidth: 2,
    pointRadius: 2,
    pointHitRadius: 8,
  });

  // The 95 % interval of each point; what falls below a logarithmic axis ends at it.
  const whiskers = {
    id: 'whiskers',
    afterDatasetsDraw(chart) {
      const { ctx, scales: { x, y } } = chart;
      ctx.save();
      ctx.lineWidth = 1;
      chart.data.datasets.forEach(set => set.data.filter(p => p.high).forEach(p => {
        const at = x.getPixelForValue(p.x);
        ctx.strokeStyle = set.borderColor;
        ctx.beginPath();
        ctx.moveTo(at, y.getPixelForValue(Math.max(y.min, p.low)));
        ctx.lineTo(at, y.getPixelForValue(p.high));
        ctx.stroke();
      }));
      ctx.restore();
    },
  };

  const chart = (id, x, y, datasets) => charts.push(new Chart(document.getElementById(id), {
    type: 'line',
    data: { datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { labels: { color: style('--ink'), boxWidth: 12 } } },
      scales: { x, y },
    },
    plugins: [whiskers],
  }));

  const queries = tokens => {
    const rows = data.queries.filter(row => row.tokens === tokens);
    const of = (xi, value) => rows.filter(row => row.xi === xi).map(row => ({ x: row.horizon, y: row[value] }));
    const xis = [...new Set(rows.map(row => row.xi))];
    chart(`queries-${tokens}`, axis('H', 'linear'), axis('responses', 'logarithmic'), [
      line('sentence rewards', '--orange', of(xis[0], 'bySentences')),
      ...xis.flatMap((xi, i) => [
        line(`token rewards, ξ = ${xi}`, ['--blue', '--green'][i % 2], of(xi, 'byTokens')),
        line(`formula, ξ = ${xi}`, ['--blue', '--green'][i % 2], of(xi, 'formula'), [4, 4]),
      ]),
    ]);
  };

  const draw = () => {
    charts.forEach(each => each.destroy());
    charts = [];
    [2, 3, 4].forEach(queries);
    chart('curve', axis('preferences', 'logarithmic'), axis('V* − V', 'logarithmic'),
      data.lines.map((each, i) => line(each.name, COLOURS[i % COLOURS.length],
        each.points.map((p, k) => ({ x: data.preferences[k], y: p.estimate, low: p.low, high: p.high })))));
  };

  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
