"""Every table of a city's schema, by importing every capability's models: for migrations and for tests that compare them."""

import portal.audit.models
import portal.bookings
import portal.cases.bundle_models
import portal.cases.consent_models
import portal.cases.consultation_models
import portal.cases.count_models
import portal.cases.dossier_models
import portal.cases.figure_models
import portal.cases.former_decision_models
import portal.cases.join_models
import portal.cases.map_objection_models
import portal.cases.mention_models
import portal.cases.models
import portal.cases.neighbours.models
import portal.cases.place_proposal_models
import portal.cases.retention_models
import portal.cases.transfer_models
import portal.core.events
import portal.core.limits
import portal.core.sessions
import portal.documents
import portal.files
import portal.identity
import portal.ledger
import portal.maps.models
import portal.maps.print_models
import portal.news
import portal.notifications
import portal.payments
import portal.payouts
import portal.procedures
import portal.profiles
import portal.programs
import portal.routing
import portal.sealing.models
import portal.search
import portal.slips
import portal.standard_texts
import portal.tills

__all__ = ["portal"]
