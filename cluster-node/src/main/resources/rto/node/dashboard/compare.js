(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  let charts = [];

  const axis = title => ({
    title: { display: Boolean(title), text: title, color: style('--faint') },
    ticks: { color: style('--faint'), maxTicksLimit: 7 },
    grid: { color: style('--line') },
    border: { color: style('--line') },
  });

  // The 95 % interval of a point that has one: [x, y, half-width].
  const whisker = (ctx, colour, fromX, fromY, toX, toY) => {
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.moveTo(fromX, fromY); ctx.lineTo(toX, toY);
    ctx.stroke();
    ctx.restore();
  };

  const barWhiskers = {
    id: 'barWhiskers',
    afterDatasetsDraw(chart) {
      const { ctx, scales: { x } } = chart;
      chart.getDatasetMeta(0).data.forEach((bar, i) => {
        const { gold, half } = data.bars[i];
        whisker(ctx, style('--ink'), x.getPixelForValue(gold - half), bar.y, x.getPixelForValue(gold + half), bar.y);
      });
    },
  };

  const lineWhiskers = {
    id: 'lineWhiskers',
    afterDatasetsDraw(chart) {
      const { ctx, scales: { y } } = chart;
      chart.data.datasets.forEach((set, s) => {
        if (!chart.isDatasetVisible(s)) return;
        chart.getDatasetMeta(s).data.forEach((point, i) => {
          const { y: gold, half } = set.data[i];
          if (half > 0) whisker(ctx, set.borderColor, point.x, y.getPixelForValue(gold - half), point.x, y.getPixelForValue(gold + half));
        });
      });
    },
  };

  const bars = () => {
    const canvas = document.getElementById('chart-bars');
    const ends = data.bars.flatMap(b => [b.gold - b.half, b.gold + b.half]);
    charts.push(new Chart(canvas, {
      type: 'bar',
      data: {
        labels: data.bars.map(b => b.name),
        datasets: [{
          label: 'gold reward',
          data: data.bars.map(b => b.gold),
          backgroundColor: `rgba(${style('--blue')}, 0.7)`,
          borderRadius: 4,
          maxBarThickness: 22,
        }],
      },
      options: {
        indexAxis: 'y',
        animation: false,
        maintainAspectRatio: false,
        plugins: { legend: { display: false } },
        scales: {
          x: { ...axis('gold reward'), suggestedMin: Math.min(0, ...ends), suggestedMax: Math.max(0, ...ends) },
          y: { ...axis(''), ticks: { color: style('--ink'), autoSkip: false }, grid: { display: false } },
        },
      },
      plugins: [barWhiskers],
    }));
  };

  const lines = (id, xTitle, series) => {
    const canvas = document.getElementById(id);
    if (!canvas) return;
    const ends = series.flatMap(line => line.points.flatMap(([, y, half]) => [y - half, y + half]));
    charts.push(new Chart(canvas, {
      type: 'line',
      data: {
        datasets: series.map(({ name, colour, points }) => ({
          label: name,
          data: points.map(([x, y, half]) => ({ x, y, half })),
          borderColor: colour,
          backgroundColor: colour,
          borderWidth: 2,
          pointStyle: points.length === 1 ? 'rectRot' : 'circle',
          pointRadius: points.length === 1 ? 6 : 2,
          pointHitRadius: 8,
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: 'nearest', intersect: false },
        plugins: { legend: { position: 'right', labels: { color: style('--ink'), boxWidth: 12 } } },
        scales: {
          x: { type: 'linear', ...axis(xTitle) },
          y: { ...axis('gold reward'), suggestedMin: Math.min(...ends), suggestedMax: Math.max(...ends) },
        },
      },
      plugins: [lineWhiskers],
    }));
  };

  const draw = () => {
    charts.forEach(chart => chart.destroy());
    charts = [];
    bars();
    lines('chart-rollouts', 'rollouts used', data.rollouts);
    lines('chart-kl', 'KL to the first model, nats per response', data.kl);
  };

  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
