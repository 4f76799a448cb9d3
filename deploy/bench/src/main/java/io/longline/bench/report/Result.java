package io.longline.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario brought. */
public final class Result {
    private final String scenario;
    private final List<Table> tables = new ArrayList<>();
    private final List<Plot> plots = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Double> figures = new LinkedHashMap<>();

    public Result(String scenario) {
        this.scenario = scenario;
    }

    public String scenario() {
        return scenario;
    }

    public void add(Table table) {
        tables.add(table);
    }

    public void add(Plot plot) {
        plots.add(plot);
    }

    /** The figure that people will quote, in a sentence. */
    public void found(String sentence) {
        findings.add(sentence);
    }

    /** What is compared between runs; the name says what it is, and of what unit. */
    public void figure(String name, double value) {
        figures.put(name, value);
    }

    /** Something that must not be: with one of these the run has failed. */
    public void failed(String sentence) {
        faults.add(sentence);
    }

    public List<Table> tables() {
        return List.copyOf(tables);
    }

    public List<Plot> plots() {
        return List.copyOf(plots);
    }

    public List<String> findings() {
        return List.copyOf(findings);
    }

    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** In the order in which they were found. */
    public Map<String, Double> figures() {
        return Collections.unmodifiableMap(figures);
    }

    public boolean isGood() {
        return faults.isEmpty();
    }
}
