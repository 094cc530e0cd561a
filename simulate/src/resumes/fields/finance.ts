import { bars, type Field, list } from './field.js';

export const finance: Field = {
  id: 'finance',
  titles:
    bars(`Accountant|Senior Accountant|Financial Analyst|Controller|Accounts Payable Specialist|Payroll Specialist|FP&A Analyst|Internal Auditor
    |Bookkeeper|Treasury Analyst|Billing Specialist|Tax Associate|Finance Manager`),
  verbs:
    bars(`prepare|close|automate|reconcile|introduce|own|consolidate|review|forecast|rebuild|negotiate|audit|run|standardise|book
    |document|redesign|model|clear|process|chase`),
  things:
    bars(`month-end close|cash forecast|budget model|cost centre report|intercompany ledger|fixed asset register|expense policy|payroll run
    |invoice workflow|audit file|tax return|transfer pricing file|credit control|lease schedule|revenue recognition sheet|vendor master
    |travel approval|bank reconciliation|margin report|board pack|grant statement|accrual list|price list review|petty cash`),
  tools:
    bars(`Excel|SAP FI|SAP S/4HANA|Oracle NetSuite|QuickBooks|Xero|Microsoft Dynamics 365|Workday|Sage|Power BI|Power Query|Coupa|Concur|BlackLine
    |Anaplan|Adaptive Planning|ADP|Bill.com|SQL|VBA|Tableau|DATEV|IFRS|US GAAP|HFM|Alteryx`),
  means: list(`
    in {tool}, down from {n} working days
    for {n} entities in four currencies
    with {tool} and a checklist that names who signs what
    from bank files of {n} banks, matched by rules in {tool}
    with three scenarios and a weekly update of {n} drivers
    after an auditor's letter with {n} findings
    by moving approvals from paper into {tool}
    with {tool} queries instead of {n} linked workbooks
    for projects funded by {n} donors with rules of their own
    with limits by rank and a second pair of eyes above them
    in {tool}, ready {n} days before the filing date
    together with the plant managers, line by line
    with dunning in {n} steps and a friendly first letter
    for a group of {n}00 employees paid in two cycles
    under two sets of accounting standards with {tool}
    with evidence attached to each of {n} key controls`),
  problems:
    bars(`unmatched receipts|double payments|aged debtors|a negative stock value|missing goods receipts|late supplier invoices
    |currency differences|a hole in accruals|wrong tax codes|unapproved spending|overstated inventory|payroll corrections
    |intercompany breaks|expired purchase orders`),
  causes:
    bars(`vendors created twice|a cut-off that differed by site|a template with a hidden row|freight booked to the wrong account
    |price lists that were never uploaded|a rate table from the previous year|signatures waiting on one desk|contract terms nobody had entered
    |manual journals without support|rounding at line level`),
  lower:
    bars(`days to close|days sales outstanding|audit adjustments|overdue invoices|cost per invoice|write-offs|budget variance|manual journals
    |late payment fees|payroll errors|open items|travel costs`),
  higher:
    bars(`forecast accuracy|early payment discounts|share of invoices without touch|gross margin|cash conversion|on-time filings
    |recovered tax|budget adherence|internal audit rating`),
  duties: list(`
    Posted journals, accruals and depreciation at month end
    Reconciled bank, balance sheet and intercompany accounts
    Processed supplier invoices and payment runs
    Supported external auditors with schedules and evidence
    Prepared monthly management reports with comments on variances
    Filed VAT and sales tax returns on time`),
  degrees: bars(
    `BSc Accounting|BBA Finance|BSc Economics|MSc Accounting and Finance|BCom|Associate Degree in Accounting|MBA`,
  ),
};
