// Generated from the migrated database by `cargo test`. Do not edit.

/** Every rule that can refuse. Each has a sentence in every language. */
export type Rule =
    | "absence_already_asked"
    | "absence_answered_twice"
    | "absence_asks_another"
    | "absence_ends_before_it_begins"
    | "absence_not_open"
    | "absence_of_another"
    | "absence_unknown"
    | "acceptance_already_proposed"
    | "acceptance_confirmed_by_proposer"
    | "acceptance_not_proposed"
    | "account_code_taken"
    | "account_locked"
    | "account_owner_fixed"
    | "account_owner_unknown"
    | "account_review_number_taken"
    | "account_review_status_unknown"
    | "account_review_unknown"
    | "account_under_judicial_lock"
    | "account_unknown"
    | "accounts_not_associated"
    | "activity_refund_rule_unknown"
    | "activity_taken"
    | "adjustment_above_limit"
    | "adjustment_account_is_tied"
    | "adjustment_accounts_missing"
    | "adjustment_confirmed_by_proposer"
    | "adjustment_confirmed_without_journal"
    | "adjustment_exceeds_receivable"
    | "adjustment_gift_backdated"
    | "adjustment_gift_expires_too_soon"
    | "adjustment_in_the_future"
    | "adjustment_kind_unknown"
    | "adjustment_moves_principal"
    | "adjustment_not_positive"
    | "adjustment_not_rounding"
    | "adjustment_number_taken"
    | "adjustment_of_nobody"
    | "adjustment_posted_twice"
    | "adjustment_rounding_too_large"
    | "adjustment_status_unknown"
    | "adjustment_without_customer"
    | "adjustment_without_document"
    | "adjustment_without_paper"
    | "adjustment_without_reason"
    | "agreement_not_announced_in_advance"
    | "agreement_version_taken"
    | "amount_has_more_than_six_decimals"
    | "amount_has_too_many_decimals"
    | "amount_not_a_number"
    | "amount_too_large"
    | "approval_not_retyped"
    | "approval_retyped_differently"
    | "approver_is_requester"
    | "approver_is_reviewer"
    | "argument_invalid"
    | "argument_missing"
    | "argument_unknown"
    | "attachment_hash_differs"
    | "attachment_is_complete"
    | "attachment_is_empty"
    | "attachment_not_of_this_case"
    | "attachment_not_opened"
    | "attachment_party_unknown"
    | "attachment_piece_too_large"
    | "attachment_received_in_the_future"
    | "attachment_too_large"
    | "attachment_type_differs"
    | "attachment_type_not_supported"
    | "attachment_unknown"
    | "attachment_without_name"
    | "audit_edge_is_one"
    | "audit_seal_is_no_hash"
    | "balance_overdrawn"
    | "bank_reference_missing"
    | "batch_too_large"
    | "bulk_amount_too_large"
    | "bulk_size"
    | "buyer_code_reason_missing"
    | "buyer_country_missing"
    | "buyer_credit_code_invalid"
    | "buyer_credit_code_missing"
    | "buyer_kind_unknown"
    | "buyer_unknown"
    | "buyer_version_not_positive"
    | "buyer_without_name"
    | "calendar_already_confirmed"
    | "calendar_already_declined"
    | "calendar_confirmed_by_importer"
    | "calendar_day_in_other_year"
    | "calendar_day_not_understood"
    | "calendar_day_repeated"
    | "calendar_decided_twice"
    | "calendar_in_force_unconfirmed"
    | "calendar_kind_unknown"
    | "calendar_list_incomplete"
    | "calendar_unknown"
    | "calendar_version_taken"
    | "calendar_without_notice"
    | "calendar_year_in_force"
    | "calendar_year_out_of_range"
    | "campaign_correction_confirmed_by_proposer"
    | "campaign_correction_kind_unknown"
    | "campaign_correction_not_positive"
    | "campaign_correction_number_taken"
    | "campaign_correction_without_reason"
    | "campaign_proposal_decided"
    | "campaign_rate_out_of_range"
    | "campaign_turn_backdated"
    | "campaign_turn_confirmed_by_proposer"
    | "campaign_turn_out_of_order"
    | "campaign_turn_unknown"
    | "campaign_version_backdated"
    | "campaign_version_confirmed_by_proposer"
    | "campaign_version_not_announced_in_advance"
    | "campaign_version_taken"
    | "case_of_another"
    | "channel_day_basis_unknown"
    | "channel_unknown"
    | "claim_by_involved"
    | "claim_not_due"
    | "claim_payment_by_involved"
    | "claim_payment_exceeds_due"
    | "claim_payment_is_zero"
    | "claim_payment_out_of_time"
    | "claim_payment_without_reference"
    | "clock_is_real"
    | "clock_moves_backwards"
    | "closing_out_of_order"
    | "cluster_foreign"
    | "cluster_unsafe"
    | "command_id_missing"
    | "command_unknown"
    | "commodity_unknown"
    | "concession_before_lock"
    | "consumed_total_negative"
    | "consumption_has_one_source"
    | "consumption_is_zero"
    | "correction_already_decided"
    | "correction_declined_without_reason"
    | "correction_unknown"
    | "credit_back_already_confirmed"
    | "credit_back_already_declined"
    | "credit_back_confirmed_by_proposer"
    | "credit_back_decided_twice"
    | "credit_back_exceeds_usage"
    | "credit_back_not_positive"
    | "credit_back_unknown"
    | "credit_back_without_reason"
    | "credit_expiry_confirmed_by_proposer"
    | "credit_expiry_notice_backdated"
    | "credit_expiry_of_later_credits"
    | "credit_expiry_without_notice"
    | "credit_purpose_not_listed"
    | "credits_back_exceed_use"
    | "currency_is_our_own"
    | "currency_not_in_list"
    | "customer_kind_unknown"
    | "customer_ref_taken"
    | "customer_unknown"
    | "database_unknown"
    | "day_basis_unknown"
    | "deadline_already_running"
    | "deadline_change_cause_unknown"
    | "deadline_change_without_reason"
    | "deadline_days_out_of_range"
    | "deadline_due_before_nominal"
    | "deadline_extension_negative"
    | "deadline_kind_unknown"
    | "deadline_not_running"
    | "decided_by_deputy"
    | "decision_without_reason"
    | "delegation_of_foreign_duty"
    | "delegation_too_long"
    | "delegation_without_confirmer"
    | "delegation_without_end"
    | "delegation_without_reason"
    | "delivery_in_the_future"
    | "delivery_waybill_malformed"
    | "delivery_without_carrier"
    | "deputy_holds_duty"
    | "deputy_is_away"
    | "deputy_is_delegator"
    | "deputy_is_the_absent"
    | "deputy_unknown"
    | "direct_payment_channel_unknown"
    | "direct_payment_counts_too_much"
    | "direct_payment_in_the_future"
    | "direct_payment_not_positive"
    | "dispute_already_conceded"
    | "dispute_already_decided"
    | "dispute_already_escalated"
    | "dispute_already_locked"
    | "dispute_already_open"
    | "dispute_amounts_negative"
    | "dispute_closed_without_reason"
    | "dispute_is_moot"
    | "dispute_is_with_provider"
    | "dispute_kind_unknown"
    | "dispute_locked_by_nobody"
    | "dispute_locked_without_lock"
    | "dispute_not_decided"
    | "dispute_not_open"
    | "dispute_number_taken"
    | "dispute_overpaid"
    | "dispute_received_after_it_was_noticed"
    | "dispute_received_before_recharge"
    | "dispute_status_unknown"
    | "dispute_step_unlawful"
    | "dispute_still_open"
    | "dispute_unknown"
    | "dispute_without_demand"
    | "dispute_without_ticket"
    | "disputed_amount_exceeds_recharge"
    | "disputed_amount_not_positive"
    | "dollar_order_card_below_minimum"
    | "dollar_order_does_not_add_up"
    | "dollar_refund_kind_unknown"
    | "dollar_refund_not_positive"
    | "dollar_refund_unknown"
    | "draft_kind_malformed"
    | "draft_subject_too_long"
    | "draft_too_large"
    | "duty_already_confirmed"
    | "duty_already_ended"
    | "duty_confirmed_by_its_holder"
    | "duty_confirmed_by_proposer"
    | "duty_ends_before_it_begins"
    | "duty_missing"
    | "duty_proposal_unknown"
    | "duty_unknown"
    | "evidence_already_filed"
    | "evidence_already_judged"
    | "evidence_none_open"
    | "evidence_not_judged"
    | "evidence_out_of_time"
    | "evidence_received_before_notice"
    | "evidence_received_in_the_future"
    | "evidence_unknown"
    | "evidence_way_unknown"
    | "evidence_window_open"
    | "evidence_without_papers"
    | "evidence_without_summary"
    | "exception_already_proposed"
    | "exception_already_resolved"
    | "exception_kind_unknown"
    | "exception_not_proposed"
    | "exception_settled_by_proposer"
    | "exception_still_stands"
    | "exception_unknown"
    | "exception_without_resolution"
    | "exchange_rate_missing"
    | "export_cancelled"
    | "export_not_described"
    | "export_running"
    | "extension_by_handler"
    | "extension_out_of_range"
    | "failure_without_reason"
    | "field_unknown"
    | "file_archive_broken"
    | "file_column_missing"
    | "file_column_repeated"
    | "file_cut_short"
    | "file_empty"
    | "file_encoding_broken"
    | "file_kind_unknown"
    | "file_layout_not_supported"
    | "file_merchant_mixed"
    | "file_not_picked"
    | "file_not_readable"
    | "file_not_written"
    | "file_row_broken"
    | "file_row_repeated"
    | "file_says_no_bill"
    | "file_too_large"
    | "file_total_missing"
    | "file_totals_disagree"
    | "filter_invalid"
    | "filter_unknown"
    | "font_missing"
    | "font_unexpected"
    | "gift_left_out_of_range"
    | "gift_not_positive"
    | "gift_reserve_out_of_range"
    | "gift_rule_unknown"
    | "glyph_missing"
    | "handover_without_reason"
    | "holder_cannot_take_step"
    | "home_not_reachable"
    | "id_already_used"
    | "import_begun_by_another"
    | "import_cancelled"
    | "import_file_already_posted"
    | "import_incomplete"
    | "import_kind_unknown"
    | "import_not_staged"
    | "import_running"
    | "import_status_unknown"
    | "import_unknown"
    | "inboxes_already_checked"
    | "inboxes_not_checked"
    | "instant_in_the_future"
    | "invoice_already_red"
    | "invoice_amount_not_positive"
    | "invoice_content_differs"
    | "invoice_does_not_add_up"
    | "invoice_exceeds_consumption"
    | "invoice_has_no_lines"
    | "invoice_is_final"
    | "invoice_kind_unknown"
    | "invoice_line_does_not_add_up"
    | "invoice_line_is_zero"
    | "invoice_not_rendered"
    | "invoice_number_taken"
    | "invoice_pdf_hash_differs"
    | "invoice_pdf_not_a_pdf"
    | "invoice_pdf_too_large"
    | "invoice_period_backwards"
    | "invoice_product_repeated"
    | "invoice_request_amount_not_positive"
    | "invoice_request_issued_twice"
    | "invoice_request_issued_without_paper"
    | "invoice_request_kind_unknown"
    | "invoice_request_month_malformed"
    | "invoice_request_not_open"
    | "invoice_request_open_already"
    | "invoice_request_repeated"
    | "invoice_request_returned_without_reason"
    | "invoice_request_source_unknown"
    | "invoice_request_status_unknown"
    | "invoice_request_unknown"
    | "invoice_run_amount_not_positive"
    | "invoice_run_kind_unknown"
    | "invoice_run_month_malformed"
    | "invoice_run_number_taken"
    | "invoice_run_paper_taken"
    | "invoice_run_refused_without_rule"
    | "invoice_run_state_unknown"
    | "invoice_total_out_of_range"
    | "invoice_unknown"
    | "isolation_not_read_committed"
    | "journal_already_reversed"
    | "journal_closed"
    | "journal_day_basis_unknown"
    | "journal_has_its_own_way"
    | "journal_has_no_postings"
    | "journal_is_a_reversal"
    | "journal_kind_unknown"
    | "journal_out_of_balance"
    | "journal_touches_two_customers"
    | "journal_unknown"
    | "judicial_amount_not_positive"
    | "judicial_amount_without_scope"
    | "judicial_order_lifted"
    | "judicial_order_lifted_without_reason"
    | "judicial_order_number_taken"
    | "judicial_order_received_in_the_future"
    | "judicial_order_registered"
    | "judicial_order_unknown"
    | "judicial_order_without_authority"
    | "judicial_order_without_number"
    | "judicial_order_without_paper"
    | "judicial_permission_without_words"
    | "judicial_renewal_not_later"
    | "judicial_renewal_without_number"
    | "judicial_scope_unknown"
    | "judicial_term_out_of_range"
    | "late_recording_without_proof"
    | "ledger_is_append_only"
    | "leg_failed_by_releaser"
    | "leg_leaves_by_transfer"
    | "legal_override_without_reference"
    | "letter_addressee_unknown"
    | "letter_already_received"
    | "letter_block_not_alone"
    | "letter_brace_unmatched"
    | "letter_fact_missing"
    | "letter_hash_differs"
    | "letter_is_final"
    | "letter_kind_unknown"
    | "letter_language_unknown"
    | "letter_left_the_platform_by_hand"
    | "letter_moved"
    | "letter_not_of_this_case"
    | "letter_number_taken"
    | "letter_outcome_unknown"
    | "letter_pdf_hash_differs"
    | "letter_pdf_not_a_pdf"
    | "letter_pdf_too_large"
    | "letter_placeholder_unknown"
    | "letter_received_and_failed"
    | "letter_received_before_it_was_sent"
    | "letter_received_without_receipt"
    | "letter_reminded_today"
    | "letter_subject_unknown"
    | "letter_template_already_confirmed"
    | "letter_template_already_declined"
    | "letter_template_confirmed_by_proposer"
    | "letter_template_decided_twice"
    | "letter_template_incomplete"
    | "letter_template_too_long"
    | "letter_template_unknown"
    | "letter_template_without_reason"
    | "letter_third_party_by_hand"
    | "letter_unknown"
    | "letter_way_unknown"
    | "letter_without_address"
    | "list_unknown"
    | "loading_cancelled"
    | "lock_cause_unknown"
    | "lock_lifted_before_it_was_placed"
    | "lock_not_confirmed"
    | "lock_notice_not_served"
    | "lock_released_before_it_was_lifted"
    | "login_refused"
    | "makeup_day_is_no_weekend"
    | "match_amount_differs"
    | "match_channel_differs"
    | "match_needs_a_payment"
    | "match_order_already_paid"
    | "match_order_not_credited"
    | "match_order_unknown"
    | "match_provider_no_differs"
    | "match_without_reason"
    | "memo_text_too_short"
    | "merchant_balance_channel_unknown"
    | "merchant_balance_in_future"
    | "merchant_balance_negative"
    | "metered_amount_not_a_number"
    | "migration_broken"
    | "migration_edited"
    | "negotiation_in_the_future"
    | "negotiation_is_empty"
    | "negotiation_not_recorded"
    | "not_signed_in"
    | "note_in_the_future"
    | "note_is_empty"
    | "note_kind_unknown"
    | "note_party_unknown"
    | "note_too_long"
    | "nothing_outstanding"
    | "notice_about_unknown"
    | "notice_addressee_unknown"
    | "notice_served_before_lock"
    | "notice_served_in_the_future"
    | "notice_way_not_served"
    | "notice_way_unknown"
    | "objection_about_unknown"
    | "objection_decided_by_recorder"
    | "objection_in_the_future"
    | "objection_not_decided"
    | "objection_not_open"
    | "objection_not_waived"
    | "objection_number_taken"
    | "objection_of_a_stranger"
    | "objection_received_before_visible"
    | "objection_status_unknown"
    | "objection_unknown"
    | "objection_without_ticket"
    | "objection_without_words"
    | "official_date_impossible"
    | "official_number_already_recorded"
    | "official_number_malformed"
    | "official_number_taken"
    | "ordered_amount_not_positive"
    | "ordered_amount_not_watched"
    | "owner_is_away"
    | "owner_without_duty"
    | "paper_not_for_tax_platform"
    | "password_missing"
    | "password_wrong"
    | "payment_already_invoiced"
    | "payment_exceeds_invoice"
    | "payment_incomplete"
    | "payout_already_exported"
    | "payout_already_left"
    | "payout_batch_channel_unknown"
    | "payout_batch_is_empty"
    | "payout_batch_number_taken"
    | "payout_batch_size"
    | "payout_batch_status"
    | "payout_batch_status_unknown"
    | "payout_batch_unknown"
    | "payout_batch_without_provider_number"
    | "payout_cancelled_by_exporter"
    | "payout_cancelled_without_reason"
    | "payout_field_breaks_file"
    | "payout_file_altered"
    | "payout_file_kind_unknown"
    | "payout_not_positive"
    | "payout_not_ready"
    | "payout_result_of_another_batch"
    | "payout_result_unknown"
    | "payout_results_are_empty"
    | "payout_unknown"
    | "penalty_has_moved"
    | "period_checklist_is_final"
    | "period_checklist_open"
    | "period_close_not_proposed"
    | "period_closed"
    | "period_closed_by_proposer"
    | "period_ends_before_it_begins"
    | "period_item_is_computed"
    | "period_item_malformed"
    | "period_item_unknown"
    | "period_item_way_unknown"
    | "period_item_without_title"
    | "period_later_closed"
    | "period_not_a_month"
    | "period_not_closed"
    | "period_not_open"
    | "period_not_over"
    | "period_not_soft_closed"
    | "period_out_of_order"
    | "period_owner_unknown"
    | "period_reopen_not_proposed"
    | "period_reopened_by_proposer"
    | "period_reopened_without_reason"
    | "period_returned_without_reason"
    | "period_soft_closed"
    | "period_status_unknown"
    | "period_unknown"
    | "period_waived_without_reason"
    | "person_confirmed_by_proposer"
    | "person_login_taken"
    | "person_role_taken"
    | "person_unknown"
    | "phone_incomplete"
    | "picture_broken"
    | "picture_not_png"
    | "picture_size_unusable"
    | "picture_too_large"
    | "platform_event_acknowledged_unread"
    | "platform_event_kind_malformed"
    | "platform_event_not_read"
    | "platform_event_out_of_order"
    | "platform_event_place_not_positive"
    | "platform_event_place_taken"
    | "platform_event_too_large"
    | "platform_event_unknown"
    | "policy_already_confirmed"
    | "policy_already_declined"
    | "policy_confirmed_by_proposer"
    | "policy_decided_twice"
    | "policy_unknown"
    | "policy_value_malformed"
    | "policy_without_reason"
    | "postgres_not_found"
    | "postgres_not_started"
    | "posting_account_mismatch"
    | "posting_is_zero"
    | "principal_held_by_order"
    | "principal_not_available"
    | "print_batch_copies_out_of_range"
    | "print_batch_is_cancelled"
    | "print_batch_is_empty"
    | "print_batch_number_taken"
    | "print_batch_reason_unknown"
    | "print_batch_sides_unknown"
    | "print_batch_unknown"
    | "print_batch_waits_for_a_sheet"
    | "print_batch_without_printer"
    | "print_copies_out_of_range"
    | "print_counted_twice"
    | "print_item_not_next"
    | "print_item_not_sent"
    | "print_item_page_not_positive"
    | "print_item_state_unknown"
    | "print_sheet_out_of_range"
    | "print_without_printer"
    | "printer_failed"
    | "printer_not_found"
    | "printing_unavailable"
    | "product_code_malformed"
    | "product_rate_out_of_range"
    | "product_taken"
    | "product_unknown"
    | "profile_incomplete"
    | "profile_unknown"
    | "profiles_broken"
    | "proof_not_asked"
    | "proof_request_is_empty"
    | "proposal_of_another"
    | "proposal_unknown"
    | "reason_missing"
    | "recall_without_reason"
    | "recharge_already_earmarked"
    | "recharge_channel_unknown"
    | "recharge_from_before_lock"
    | "recharge_kind_unknown"
    | "recharge_left_out_of_range"
    | "recharge_not_confirmed"
    | "recharge_not_free"
    | "recharge_not_positive"
    | "recharge_not_verified"
    | "recharge_order_taken"
    | "recharge_unknown"
    | "red_confirmation_expired"
    | "red_confirmation_in_the_future"
    | "red_confirmation_out_of_order"
    | "red_confirmation_state_unknown"
    | "red_confirmation_step_impossible"
    | "red_confirmation_step_taken"
    | "red_letter_already_proposed"
    | "red_letter_approved_by_issuer"
    | "red_letter_confirmed_by_proposer"
    | "red_letter_confirmed_without_paper"
    | "red_letter_exceeds_invoice"
    | "red_letter_exceeds_line"
    | "red_letter_issued_twice"
    | "red_letter_not_approved"
    | "red_letter_not_confirmed_by_platform"
    | "red_letter_not_negative"
    | "red_letter_not_open"
    | "red_letter_of_red_letter"
    | "red_letter_proposal_not_positive"
    | "red_letter_proposal_reason_unknown"
    | "red_letter_reason_unknown"
    | "red_letter_status_unknown"
    | "red_letter_unknown"
    | "red_letter_without_original"
    | "red_letter_without_reason"
    | "refund_already_approved"
    | "refund_already_held"
    | "refund_already_open"
    | "refund_figures_moved"
    | "refund_gifts_not_confirmed"
    | "refund_holder_since_when"
    | "refund_in_quiet_period"
    | "refund_leg_already_confirmed"
    | "refund_leg_not_failed"
    | "refund_leg_not_instructed"
    | "refund_leg_not_open"
    | "refund_leg_number_taken"
    | "refund_leg_repeated"
    | "refund_leg_status_unknown"
    | "refund_leg_unknown"
    | "refund_net_is_zero"
    | "refund_not_approved"
    | "refund_not_closed"
    | "refund_not_open"
    | "refund_not_paid"
    | "refund_not_rejected"
    | "refund_not_requested"
    | "refund_not_reviewed"
    | "refund_nothing_left"
    | "refund_number_taken"
    | "refund_partly_paid"
    | "refund_proofs_not_opened"
    | "refund_right_used"
    | "refund_route_unknown"
    | "refund_status_unknown"
    | "refund_stopped_by_dispute"
    | "refund_unknown"
    | "refund_waits_for_nobody"
    | "refund_waits_for_proof"
    | "refund_waits_for_release"
    | "refund_window_closed"
    | "refund_without_fee"
    | "refund_without_proof"
    | "refund_without_reason"
    | "refund_without_ticket"
    | "reinstatement_already_confirmed"
    | "reinstatement_already_declined"
    | "reinstatement_confirmed_by_proposer"
    | "reinstatement_decided_twice"
    | "reinstatement_exceeds_void"
    | "reinstatement_not_positive"
    | "reinstatement_unknown"
    | "reinstatement_without_reason"
    | "rejection_without_reason"
    | "releaser_is_involved"
    | "repayment_approved_by_proposer"
    | "repayment_confirmed_by_involved"
    | "repayment_figures_moved"
    | "repayment_in_progress"
    | "repayment_leg_number_taken"
    | "repayment_leg_repeated"
    | "repayment_leg_status_unknown"
    | "repayment_lot_account_unknown"
    | "repayment_lot_not_positive"
    | "repayment_lots_do_not_add_up"
    | "repayment_not_approved"
    | "repayment_not_positive"
    | "repayment_not_proposed"
    | "repayment_not_released"
    | "repayment_number_taken"
    | "repayment_purpose_unknown"
    | "repayment_released_by_involved"
    | "repayment_route_unknown"
    | "repayment_status_unknown"
    | "reprint_without_reason"
    | "request_list_too_long"
    | "reveal_is_over"
    | "reveal_without_reason"
    | "reversal_already_proposed"
    | "reversal_changed"
    | "reversal_confirmed_by_proposer"
    | "reversal_confirmed_without_journal"
    | "reversal_gift_used"
    | "reversal_lot_consumed"
    | "reversal_lot_disputed"
    | "reversal_lot_held"
    | "reversal_lot_invoiced"
    | "reversal_lot_refunded"
    | "reversal_posted_twice"
    | "reversal_status_unknown"
    | "reversal_without_reason"
    | "reviewer_is_requester"
    | "run_changed_since_preview"
    | "run_is_cancelled"
    | "run_is_empty"
    | "run_is_finished"
    | "run_paper_unknown"
    | "run_unknown"
    | "saved_filter_malformed"
    | "saved_filter_name_taken"
    | "saved_filter_unknown"
    | "saved_filter_without_name"
    | "second_approval_missing"
    | "second_approval_not_needed"
    | "second_approver_is_involved"
    | "seller_already_confirmed"
    | "seller_already_declined"
    | "seller_confirmed_by_proposer"
    | "seller_country_unknown"
    | "seller_currency_unknown"
    | "seller_decided_twice"
    | "seller_footer_too_long"
    | "seller_language_unknown"
    | "seller_logo_too_large"
    | "seller_not_configured"
    | "seller_proposed_twice"
    | "seller_scheme_of_another_currency"
    | "seller_seal_too_large"
    | "seller_tax_scheme_unknown"
    | "seller_unknown"
    | "seller_without_name"
    | "seller_without_tax_note"
    | "sending_unknown"
    | "server_certificate_refused"
    | "service_without_proof"
    | "shortfall_already_notified"
    | "shortfall_is_zero"
    | "shortfall_notice_starts_a_clock"
    | "signal_kind_unknown"
    | "signal_repeated"
    | "statement_row_kind_unknown"
    | "statement_row_repeated"
    | "step_up_ends_before_it_begins"
    | "step_up_missing"
    | "step_up_on_old_connection"
    | "step_up_without_password"
    | "surplus_is_zero"
    | "suspense_needs_its_order"
    | "tax_exception_kind_unknown"
    | "tax_exception_settled"
    | "tax_exception_settled_without_words"
    | "tax_exception_unknown"
    | "tax_list_too_long"
    | "tax_paper_already_sent"
    | "tax_rate_not_in_scheme"
    | "tax_sheet_came_back"
    | "tax_sheet_is_empty"
    | "tax_sheet_is_withdrawn"
    | "tax_sheet_number_taken"
    | "tax_sheet_too_long"
    | "tax_sheet_unknown"
    | "tax_sheet_withdrawn_without_reason"
    | "too_many_reminders"
    | "touch_unknown"
    | "touchpoint_repeated"
    | "touchpoint_way_unknown"
    | "transfer_already_cleared"
    | "transfer_already_declined"
    | "transfer_already_planned"
    | "transfer_approved_by_planner"
    | "transfer_cleared_by_involved"
    | "transfer_cleared_too_early"
    | "transfer_not_cleared"
    | "transfer_not_needed"
    | "transfer_payee_without_consent"
    | "transfer_to_another_person"
    | "transfer_unknown"
    | "transfer_without_account"
    | "transfer_without_account_proof"
    | "transfer_without_bank"
    | "transfer_without_payee"
    | "transfer_without_reason"
    | "unbilled_negative"
    | "usage_customer_unknown"
    | "usage_does_not_add_up"
    | "usage_ends_before_it_begins"
    | "usage_key_taken"
    | "usage_not_positive"
    | "usage_row_incomplete"
    | "usage_unknown"
    | "vat_figures_moved"
    | "vat_nothing_due"
    | "vat_rate_already_confirmed"
    | "vat_rate_already_declined"
    | "vat_rate_already_proposed"
    | "vat_rate_confirmed_by_nobody"
    | "vat_rate_confirmed_by_proposer"
    | "vat_rate_decided_twice"
    | "vat_rate_first_twice"
    | "vat_rate_is_final"
    | "vat_rate_month_closed"
    | "vat_rate_month_split"
    | "vat_rate_not_from_a_month"
    | "vat_rate_unchanged"
    | "vat_rate_unknown"
    | "vat_rate_without_reason"
    | "verdict_unknown"
    | "viewer_not_started"
    | "violation_decided_by_proposer"
    | "violation_kind_unknown"
    | "violation_not_decided"
    | "violation_number_taken"
    | "violation_reversed_by_proposer"
    | "violation_status_unknown"
    | "violation_unknown"
    | "violation_without_evidence"
    | "waiver_counts_too_much"
    | "waiver_not_positive"
    | "waiver_received_in_the_future"
    | "waiver_without_reason"
    | "write_off_not_positive"
    | "zone_unknown";

export const rules: readonly Rule[] = [
    "absence_already_asked",
    "absence_answered_twice",
    "absence_asks_another",
    "absence_ends_before_it_begins",
    "absence_not_open",
    "absence_of_another",
    "absence_unknown",
    "acceptance_already_proposed",
    "acceptance_confirmed_by_proposer",
    "acceptance_not_proposed",
    "account_code_taken",
    "account_locked",
    "account_owner_fixed",
    "account_owner_unknown",
    "account_review_number_taken",
    "account_review_status_unknown",
    "account_review_unknown",
    "account_under_judicial_lock",
    "account_unknown",
    "accounts_not_associated",
    "activity_refund_rule_unknown",
    "activity_taken",
    "adjustment_above_limit",
    "adjustment_account_is_tied",
    "adjustment_accounts_missing",
    "adjustment_confirmed_by_proposer",
    "adjustment_confirmed_without_journal",
    "adjustment_exceeds_receivable",
    "adjustment_gift_backdated",
    "adjustment_gift_expires_too_soon",
    "adjustment_in_the_future",
    "adjustment_kind_unknown",
    "adjustment_moves_principal",
    "adjustment_not_positive",
    "adjustment_not_rounding",
    "adjustment_number_taken",
    "adjustment_of_nobody",
    "adjustment_posted_twice",
    "adjustment_rounding_too_large",
    "adjustment_status_unknown",
    "adjustment_without_customer",
    "adjustment_without_document",
    "adjustment_without_paper",
    "adjustment_without_reason",
    "agreement_not_announced_in_advance",
    "agreement_version_taken",
    "amount_has_more_than_six_decimals",
    "amount_has_too_many_decimals",
    "amount_not_a_number",
    "amount_too_large",
    "approval_not_retyped",
    "approval_retyped_differently",
    "approver_is_requester",
    "approver_is_reviewer",
    "argument_invalid",
    "argument_missing",
    "argument_unknown",
    "attachment_hash_differs",
    "attachment_is_complete",
    "attachment_is_empty",
    "attachment_not_of_this_case",
    "attachment_not_opened",
    "attachment_party_unknown",
    "attachment_piece_too_large",
    "attachment_received_in_the_future",
    "attachment_too_large",
    "attachment_type_differs",
    "attachment_type_not_supported",
    "attachment_unknown",
    "attachment_without_name",
    "audit_edge_is_one",
    "audit_seal_is_no_hash",
    "balance_overdrawn",
    "bank_reference_missing",
    "batch_too_large",
    "bulk_amount_too_large",
    "bulk_size",
    "buyer_code_reason_missing",
    "buyer_country_missing",
    "buyer_credit_code_invalid",
    "buyer_credit_code_missing",
    "buyer_kind_unknown",
    "buyer_unknown",
    "buyer_version_not_positive",
    "buyer_without_name",
    "calendar_already_confirmed",
    "calendar_already_declined",
    "calendar_confirmed_by_importer",
    "calendar_day_in_other_year",
    "calendar_day_not_understood",
    "calendar_day_repeated",
    "calendar_decided_twice",
    "calendar_in_force_unconfirmed",
    "calendar_kind_unknown",
    "calendar_list_incomplete",
    "calendar_unknown",
    "calendar_version_taken",
    "calendar_without_notice",
    "calendar_year_in_force",
    "calendar_year_out_of_range",
    "campaign_correction_confirmed_by_proposer",
    "campaign_correction_kind_unknown",
    "campaign_correction_not_positive",
    "campaign_correction_number_taken",
    "campaign_correction_without_reason",
    "campaign_proposal_decided",
    "campaign_rate_out_of_range",
    "campaign_turn_backdated",
    "campaign_turn_confirmed_by_proposer",
    "campaign_turn_out_of_order",
    "campaign_turn_unknown",
    "campaign_version_backdated",
    "campaign_version_confirmed_by_proposer",
    "campaign_version_not_announced_in_advance",
    "campaign_version_taken",
    "case_of_another",
    "channel_day_basis_unknown",
    "channel_unknown",
    "claim_by_involved",
    "claim_not_due",
    "claim_payment_by_involved",
    "claim_payment_exceeds_due",
    "claim_payment_is_zero",
    "claim_payment_out_of_time",
    "claim_payment_without_reference",
    "clock_is_real",
    "clock_moves_backwards",
    "closing_out_of_order",
    "cluster_foreign",
    "cluster_unsafe",
    "command_id_missing",
    "command_unknown",
    "commodity_unknown",
    "concession_before_lock",
    "consumed_total_negative",
    "consumption_has_one_source",
    "consumption_is_zero",
    "correction_already_decided",
    "correction_declined_without_reason",
    "correction_unknown",
    "credit_back_already_confirmed",
    "credit_back_already_declined",
    "credit_back_confirmed_by_proposer",
    "credit_back_decided_twice",
    "credit_back_exceeds_usage",
    "credit_back_not_positive",
    "credit_back_unknown",
    "credit_back_without_reason",
    "credit_expiry_confirmed_by_proposer",
    "credit_expiry_notice_backdated",
    "credit_expiry_of_later_credits",
    "credit_expiry_without_notice",
    "credit_purpose_not_listed",
    "credits_back_exceed_use",
    "currency_is_our_own",
    "currency_not_in_list",
    "customer_kind_unknown",
    "customer_ref_taken",
    "customer_unknown",
    "database_unknown",
    "day_basis_unknown",
    "deadline_already_running",
    "deadline_change_cause_unknown",
    "deadline_change_without_reason",
    "deadline_days_out_of_range",
    "deadline_due_before_nominal",
    "deadline_extension_negative",
    "deadline_kind_unknown",
    "deadline_not_running",
    "decided_by_deputy",
    "decision_without_reason",
    "delegation_of_foreign_duty",
    "delegation_too_long",
    "delegation_without_confirmer",
    "delegation_without_end",
    "delegation_without_reason",
    "delivery_in_the_future",
    "delivery_waybill_malformed",
    "delivery_without_carrier",
    "deputy_holds_duty",
    "deputy_is_away",
    "deputy_is_delegator",
    "deputy_is_the_absent",
    "deputy_unknown",
    "direct_payment_channel_unknown",
    "direct_payment_counts_too_much",
    "direct_payment_in_the_future",
    "direct_payment_not_positive",
    "dispute_already_conceded",
    "dispute_already_decided",
    "dispute_already_escalated",
    "dispute_already_locked",
    "dispute_already_open",
    "dispute_amounts_negative",
    "dispute_closed_without_reason",
    "dispute_is_moot",
    "dispute_is_with_provider",
    "dispute_kind_unknown",
    "dispute_locked_by_nobody",
    "dispute_locked_without_lock",
    "dispute_not_decided",
    "dispute_not_open",
    "dispute_number_taken",
    "dispute_overpaid",
    "dispute_received_after_it_was_noticed",
    "dispute_received_before_recharge",
    "dispute_status_unknown",
    "dispute_step_unlawful",
    "dispute_still_open",
    "dispute_unknown",
    "dispute_without_demand",
    "dispute_without_ticket",
    "disputed_amount_exceeds_recharge",
    "disputed_amount_not_positive",
    "dollar_order_card_below_minimum",
    "dollar_order_does_not_add_up",
    "dollar_refund_kind_unknown",
    "dollar_refund_not_positive",
    "dollar_refund_unknown",
    "draft_kind_malformed",
    "draft_subject_too_long",
    "draft_too_large",
    "duty_already_confirmed",
    "duty_already_ended",
    "duty_confirmed_by_its_holder",
    "duty_confirmed_by_proposer",
    "duty_ends_before_it_begins",
    "duty_missing",
    "duty_proposal_unknown",
    "duty_unknown",
    "evidence_already_filed",
    "evidence_already_judged",
    "evidence_none_open",
    "evidence_not_judged",
    "evidence_out_of_time",
    "evidence_received_before_notice",
    "evidence_received_in_the_future",
    "evidence_unknown",
    "evidence_way_unknown",
    "evidence_window_open",
    "evidence_without_papers",
    "evidence_without_summary",
    "exception_already_proposed",
    "exception_already_resolved",
    "exception_kind_unknown",
    "exception_not_proposed",
    "exception_settled_by_proposer",
    "exception_still_stands",
    "exception_unknown",
    "exception_without_resolution",
    "exchange_rate_missing",
    "export_cancelled",
    "export_not_described",
    "export_running",
    "extension_by_handler",
    "extension_out_of_range",
    "failure_without_reason",
    "field_unknown",
    "file_archive_broken",
    "file_column_missing",
    "file_column_repeated",
    "file_cut_short",
    "file_empty",
    "file_encoding_broken",
    "file_kind_unknown",
    "file_layout_not_supported",
    "file_merchant_mixed",
    "file_not_picked",
    "file_not_readable",
    "file_not_written",
    "file_row_broken",
    "file_row_repeated",
    "file_says_no_bill",
    "file_too_large",
    "file_total_missing",
    "file_totals_disagree",
    "filter_invalid",
    "filter_unknown",
    "font_missing",
    "font_unexpected",
    "gift_left_out_of_range",
    "gift_not_positive",
    "gift_reserve_out_of_range",
    "gift_rule_unknown",
    "glyph_missing",
    "handover_without_reason",
    "holder_cannot_take_step",
    "home_not_reachable",
    "id_already_used",
    "import_begun_by_another",
    "import_cancelled",
    "import_file_already_posted",
    "import_incomplete",
    "import_kind_unknown",
    "import_not_staged",
    "import_running",
    "import_status_unknown",
    "import_unknown",
    "inboxes_already_checked",
    "inboxes_not_checked",
    "instant_in_the_future",
    "invoice_already_red",
    "invoice_amount_not_positive",
    "invoice_content_differs",
    "invoice_does_not_add_up",
    "invoice_exceeds_consumption",
    "invoice_has_no_lines",
    "invoice_is_final",
    "invoice_kind_unknown",
    "invoice_line_does_not_add_up",
    "invoice_line_is_zero",
    "invoice_not_rendered",
    "invoice_number_taken",
    "invoice_pdf_hash_differs",
    "invoice_pdf_not_a_pdf",
    "invoice_pdf_too_large",
    "invoice_period_backwards",
    "invoice_product_repeated",
    "invoice_request_amount_not_positive",
    "invoice_request_issued_twice",
    "invoice_request_issued_without_paper",
    "invoice_request_kind_unknown",
    "invoice_request_month_malformed",
    "invoice_request_not_open",
    "invoice_request_open_already",
    "invoice_request_repeated",
    "invoice_request_returned_without_reason",
    "invoice_request_source_unknown",
    "invoice_request_status_unknown",
    "invoice_request_unknown",
    "invoice_run_amount_not_positive",
    "invoice_run_kind_unknown",
    "invoice_run_month_malformed",
    "invoice_run_number_taken",
    "invoice_run_paper_taken",
    "invoice_run_refused_without_rule",
    "invoice_run_state_unknown",
    "invoice_total_out_of_range",
    "invoice_unknown",
    "isolation_not_read_committed",
    "journal_already_reversed",
    "journal_closed",
    "journal_day_basis_unknown",
    "journal_has_its_own_way",
    "journal_has_no_postings",
    "journal_is_a_reversal",
    "journal_kind_unknown",
    "journal_out_of_balance",
    "journal_touches_two_customers",
    "journal_unknown",
    "judicial_amount_not_positive",
    "judicial_amount_without_scope",
    "judicial_order_lifted",
    "judicial_order_lifted_without_reason",
    "judicial_order_number_taken",
    "judicial_order_received_in_the_future",
    "judicial_order_registered",
    "judicial_order_unknown",
    "judicial_order_without_authority",
    "judicial_order_without_number",
    "judicial_order_without_paper",
    "judicial_permission_without_words",
    "judicial_renewal_not_later",
    "judicial_renewal_without_number",
    "judicial_scope_unknown",
    "judicial_term_out_of_range",
    "late_recording_without_proof",
    "ledger_is_append_only",
    "leg_failed_by_releaser",
    "leg_leaves_by_transfer",
    "legal_override_without_reference",
    "letter_addressee_unknown",
    "letter_already_received",
    "letter_block_not_alone",
    "letter_brace_unmatched",
    "letter_fact_missing",
    "letter_hash_differs",
    "letter_is_final",
    "letter_kind_unknown",
    "letter_language_unknown",
    "letter_left_the_platform_by_hand",
    "letter_moved",
    "letter_not_of_this_case",
    "letter_number_taken",
    "letter_outcome_unknown",
    "letter_pdf_hash_differs",
    "letter_pdf_not_a_pdf",
    "letter_pdf_too_large",
    "letter_placeholder_unknown",
    "letter_received_and_failed",
    "letter_received_before_it_was_sent",
    "letter_received_without_receipt",
    "letter_reminded_today",
    "letter_subject_unknown",
    "letter_template_already_confirmed",
    "letter_template_already_declined",
    "letter_template_confirmed_by_proposer",
    "letter_template_decided_twice",
    "letter_template_incomplete",
    "letter_template_too_long",
    "letter_template_unknown",
    "letter_template_without_reason",
    "letter_third_party_by_hand",
    "letter_unknown",
    "letter_way_unknown",
    "letter_without_address",
    "list_unknown",
    "loading_cancelled",
    "lock_cause_unknown",
    "lock_lifted_before_it_was_placed",
    "lock_not_confirmed",
    "lock_notice_not_served",
    "lock_released_before_it_was_lifted",
    "login_refused",
    "makeup_day_is_no_weekend",
    "match_amount_differs",
    "match_channel_differs",
    "match_needs_a_payment",
    "match_order_already_paid",
    "match_order_not_credited",
    "match_order_unknown",
    "match_provider_no_differs",
    "match_without_reason",
    "memo_text_too_short",
    "merchant_balance_channel_unknown",
    "merchant_balance_in_future",
    "merchant_balance_negative",
    "metered_amount_not_a_number",
    "migration_broken",
    "migration_edited",
    "negotiation_in_the_future",
    "negotiation_is_empty",
    "negotiation_not_recorded",
    "not_signed_in",
    "note_in_the_future",
    "note_is_empty",
    "note_kind_unknown",
    "note_party_unknown",
    "note_too_long",
    "nothing_outstanding",
    "notice_about_unknown",
    "notice_addressee_unknown",
    "notice_served_before_lock",
    "notice_served_in_the_future",
    "notice_way_not_served",
    "notice_way_unknown",
    "objection_about_unknown",
    "objection_decided_by_recorder",
    "objection_in_the_future",
    "objection_not_decided",
    "objection_not_open",
    "objection_not_waived",
    "objection_number_taken",
    "objection_of_a_stranger",
    "objection_received_before_visible",
    "objection_status_unknown",
    "objection_unknown",
    "objection_without_ticket",
    "objection_without_words",
    "official_date_impossible",
    "official_number_already_recorded",
    "official_number_malformed",
    "official_number_taken",
    "ordered_amount_not_positive",
    "ordered_amount_not_watched",
    "owner_is_away",
    "owner_without_duty",
    "paper_not_for_tax_platform",
    "password_missing",
    "password_wrong",
    "payment_already_invoiced",
    "payment_exceeds_invoice",
    "payment_incomplete",
    "payout_already_exported",
    "payout_already_left",
    "payout_batch_channel_unknown",
    "payout_batch_is_empty",
    "payout_batch_number_taken",
    "payout_batch_size",
    "payout_batch_status",
    "payout_batch_status_unknown",
    "payout_batch_unknown",
    "payout_batch_without_provider_number",
    "payout_cancelled_by_exporter",
    "payout_cancelled_without_reason",
    "payout_field_breaks_file",
    "payout_file_altered",
    "payout_file_kind_unknown",
    "payout_not_positive",
    "payout_not_ready",
    "payout_result_of_another_batch",
    "payout_result_unknown",
    "payout_results_are_empty",
    "payout_unknown",
    "penalty_has_moved",
    "period_checklist_is_final",
    "period_checklist_open",
    "period_close_not_proposed",
    "period_closed",
    "period_closed_by_proposer",
    "period_ends_before_it_begins",
    "period_item_is_computed",
    "period_item_malformed",
    "period_item_unknown",
    "period_item_way_unknown",
    "period_item_without_title",
    "period_later_closed",
    "period_not_a_month",
    "period_not_closed",
    "period_not_open",
    "period_not_over",
    "period_not_soft_closed",
    "period_out_of_order",
    "period_owner_unknown",
    "period_reopen_not_proposed",
    "period_reopened_by_proposer",
    "period_reopened_without_reason",
    "period_returned_without_reason",
    "period_soft_closed",
    "period_status_unknown",
    "period_unknown",
    "period_waived_without_reason",
    "person_confirmed_by_proposer",
    "person_login_taken",
    "person_role_taken",
    "person_unknown",
    "phone_incomplete",
    "picture_broken",
    "picture_not_png",
    "picture_size_unusable",
    "picture_too_large",
    "platform_event_acknowledged_unread",
    "platform_event_kind_malformed",
    "platform_event_not_read",
    "platform_event_out_of_order",
    "platform_event_place_not_positive",
    "platform_event_place_taken",
    "platform_event_too_large",
    "platform_event_unknown",
    "policy_already_confirmed",
    "policy_already_declined",
    "policy_confirmed_by_proposer",
    "policy_decided_twice",
    "policy_unknown",
    "policy_value_malformed",
    "policy_without_reason",
    "postgres_not_found",
    "postgres_not_started",
    "posting_account_mismatch",
    "posting_is_zero",
    "principal_held_by_order",
    "principal_not_available",
    "print_batch_copies_out_of_range",
    "print_batch_is_cancelled",
    "print_batch_is_empty",
    "print_batch_number_taken",
    "print_batch_reason_unknown",
    "print_batch_sides_unknown",
    "print_batch_unknown",
    "print_batch_waits_for_a_sheet",
    "print_batch_without_printer",
    "print_copies_out_of_range",
    "print_counted_twice",
    "print_item_not_next",
    "print_item_not_sent",
    "print_item_page_not_positive",
    "print_item_state_unknown",
    "print_sheet_out_of_range",
    "print_without_printer",
    "printer_failed",
    "printer_not_found",
    "printing_unavailable",
    "product_code_malformed",
    "product_rate_out_of_range",
    "product_taken",
    "product_unknown",
    "profile_incomplete",
    "profile_unknown",
    "profiles_broken",
    "proof_not_asked",
    "proof_request_is_empty",
    "proposal_of_another",
    "proposal_unknown",
    "reason_missing",
    "recall_without_reason",
    "recharge_already_earmarked",
    "recharge_channel_unknown",
    "recharge_from_before_lock",
    "recharge_kind_unknown",
    "recharge_left_out_of_range",
    "recharge_not_confirmed",
    "recharge_not_free",
    "recharge_not_positive",
    "recharge_not_verified",
    "recharge_order_taken",
    "recharge_unknown",
    "red_confirmation_expired",
    "red_confirmation_in_the_future",
    "red_confirmation_out_of_order",
    "red_confirmation_state_unknown",
    "red_confirmation_step_impossible",
    "red_confirmation_step_taken",
    "red_letter_already_proposed",
    "red_letter_approved_by_issuer",
    "red_letter_confirmed_by_proposer",
    "red_letter_confirmed_without_paper",
    "red_letter_exceeds_invoice",
    "red_letter_exceeds_line",
    "red_letter_issued_twice",
    "red_letter_not_approved",
    "red_letter_not_confirmed_by_platform",
    "red_letter_not_negative",
    "red_letter_not_open",
    "red_letter_of_red_letter",
    "red_letter_proposal_not_positive",
    "red_letter_proposal_reason_unknown",
    "red_letter_reason_unknown",
    "red_letter_status_unknown",
    "red_letter_unknown",
    "red_letter_without_original",
    "red_letter_without_reason",
    "refund_already_approved",
    "refund_already_held",
    "refund_already_open",
    "refund_figures_moved",
    "refund_gifts_not_confirmed",
    "refund_holder_since_when",
    "refund_in_quiet_period",
    "refund_leg_already_confirmed",
    "refund_leg_not_failed",
    "refund_leg_not_instructed",
    "refund_leg_not_open",
    "refund_leg_number_taken",
    "refund_leg_repeated",
    "refund_leg_status_unknown",
    "refund_leg_unknown",
    "refund_net_is_zero",
    "refund_not_approved",
    "refund_not_closed",
    "refund_not_open",
    "refund_not_paid",
    "refund_not_rejected",
    "refund_not_requested",
    "refund_not_reviewed",
    "refund_nothing_left",
    "refund_number_taken",
    "refund_partly_paid",
    "refund_proofs_not_opened",
    "refund_right_used",
    "refund_route_unknown",
    "refund_status_unknown",
    "refund_stopped_by_dispute",
    "refund_unknown",
    "refund_waits_for_nobody",
    "refund_waits_for_proof",
    "refund_waits_for_release",
    "refund_window_closed",
    "refund_without_fee",
    "refund_without_proof",
    "refund_without_reason",
    "refund_without_ticket",
    "reinstatement_already_confirmed",
    "reinstatement_already_declined",
    "reinstatement_confirmed_by_proposer",
    "reinstatement_decided_twice",
    "reinstatement_exceeds_void",
    "reinstatement_not_positive",
    "reinstatement_unknown",
    "reinstatement_without_reason",
    "rejection_without_reason",
    "releaser_is_involved",
    "repayment_approved_by_proposer",
    "repayment_confirmed_by_involved",
    "repayment_figures_moved",
    "repayment_in_progress",
    "repayment_leg_number_taken",
    "repayment_leg_repeated",
    "repayment_leg_status_unknown",
    "repayment_lot_account_unknown",
    "repayment_lot_not_positive",
    "repayment_lots_do_not_add_up",
    "repayment_not_approved",
    "repayment_not_positive",
    "repayment_not_proposed",
    "repayment_not_released",
    "repayment_number_taken",
    "repayment_purpose_unknown",
    "repayment_released_by_involved",
    "repayment_route_unknown",
    "repayment_status_unknown",
    "reprint_without_reason",
    "request_list_too_long",
    "reveal_is_over",
    "reveal_without_reason",
    "reversal_already_proposed",
    "reversal_changed",
    "reversal_confirmed_by_proposer",
    "reversal_confirmed_without_journal",
    "reversal_gift_used",
    "reversal_lot_consumed",
    "reversal_lot_disputed",
    "reversal_lot_held",
    "reversal_lot_invoiced",
    "reversal_lot_refunded",
    "reversal_posted_twice",
    "reversal_status_unknown",
    "reversal_without_reason",
    "reviewer_is_requester",
    "run_changed_since_preview",
    "run_is_cancelled",
    "run_is_empty",
    "run_is_finished",
    "run_paper_unknown",
    "run_unknown",
    "saved_filter_malformed",
    "saved_filter_name_taken",
    "saved_filter_unknown",
    "saved_filter_without_name",
    "second_approval_missing",
    "second_approval_not_needed",
    "second_approver_is_involved",
    "seller_already_confirmed",
    "seller_already_declined",
    "seller_confirmed_by_proposer",
    "seller_country_unknown",
    "seller_currency_unknown",
    "seller_decided_twice",
    "seller_footer_too_long",
    "seller_language_unknown",
    "seller_logo_too_large",
    "seller_not_configured",
    "seller_proposed_twice",
    "seller_scheme_of_another_currency",
    "seller_seal_too_large",
    "seller_tax_scheme_unknown",
    "seller_unknown",
    "seller_without_name",
    "seller_without_tax_note",
    "sending_unknown",
    "server_certificate_refused",
    "service_without_proof",
    "shortfall_already_notified",
    "shortfall_is_zero",
    "shortfall_notice_starts_a_clock",
    "signal_kind_unknown",
    "signal_repeated",
    "statement_row_kind_unknown",
    "statement_row_repeated",
    "step_up_ends_before_it_begins",
    "step_up_missing",
    "step_up_on_old_connection",
    "step_up_without_password",
    "surplus_is_zero",
    "suspense_needs_its_order",
    "tax_exception_kind_unknown",
    "tax_exception_settled",
    "tax_exception_settled_without_words",
    "tax_exception_unknown",
    "tax_list_too_long",
    "tax_paper_already_sent",
    "tax_rate_not_in_scheme",
    "tax_sheet_came_back",
    "tax_sheet_is_empty",
    "tax_sheet_is_withdrawn",
    "tax_sheet_number_taken",
    "tax_sheet_too_long",
    "tax_sheet_unknown",
    "tax_sheet_withdrawn_without_reason",
    "too_many_reminders",
    "touch_unknown",
    "touchpoint_repeated",
    "touchpoint_way_unknown",
    "transfer_already_cleared",
    "transfer_already_declined",
    "transfer_already_planned",
    "transfer_approved_by_planner",
    "transfer_cleared_by_involved",
    "transfer_cleared_too_early",
    "transfer_not_cleared",
    "transfer_not_needed",
    "transfer_payee_without_consent",
    "transfer_to_another_person",
    "transfer_unknown",
    "transfer_without_account",
    "transfer_without_account_proof",
    "transfer_without_bank",
    "transfer_without_payee",
    "transfer_without_reason",
    "unbilled_negative",
    "usage_customer_unknown",
    "usage_does_not_add_up",
    "usage_ends_before_it_begins",
    "usage_key_taken",
    "usage_not_positive",
    "usage_row_incomplete",
    "usage_unknown",
    "vat_figures_moved",
    "vat_nothing_due",
    "vat_rate_already_confirmed",
    "vat_rate_already_declined",
    "vat_rate_already_proposed",
    "vat_rate_confirmed_by_nobody",
    "vat_rate_confirmed_by_proposer",
    "vat_rate_decided_twice",
    "vat_rate_first_twice",
    "vat_rate_is_final",
    "vat_rate_month_closed",
    "vat_rate_month_split",
    "vat_rate_not_from_a_month",
    "vat_rate_unchanged",
    "vat_rate_unknown",
    "vat_rate_without_reason",
    "verdict_unknown",
    "viewer_not_started",
    "violation_decided_by_proposer",
    "violation_kind_unknown",
    "violation_not_decided",
    "violation_number_taken",
    "violation_reversed_by_proposer",
    "violation_status_unknown",
    "violation_unknown",
    "violation_without_evidence",
    "waiver_counts_too_much",
    "waiver_not_positive",
    "waiver_received_in_the_future",
    "waiver_without_reason",
    "write_off_not_positive",
    "zone_unknown",
];
